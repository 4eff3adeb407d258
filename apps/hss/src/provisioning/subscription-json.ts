/**
 * Subscriptions as the provisioning API shows them.
 *
 * @module
 */
import type { Subscription } from '../subscriptions/subscription.ts';
import { type Changed, overallState } from './subscriptions.ts';

/** JSON has no undefined: what there is not is null. */
export function subscriptionJson(subscription: Subscription) {
  return {
    impi: subscription.impi,
    barred: subscription.barred,
    impus: subscription.identities.map(({ impu, barred, implicitRegistrationSet, state }) => ({
      impu,
      barred,
      implicitRegistrationSet,
      registrationState: state,
    })),
    roamingNetworks: subscription.roamingNetworks,
    unregisteredServices: subscription.unregisteredServices,
    serverCapabilities: subscription.serverCapabilities,
    allowedWafWwsfIdentities: subscription.allowedWafWwsfIdentities ?? null,
    digest: digestJson(subscription),
    aka: akaJson(subscription),
    registrationState: overallState(subscription),
    sCscfName: subscription.sCscfName ?? null,
  };
}

export function changedJson({ subscription, notifications }: Changed) {
  return { ...subscriptionJson(subscription), notifications };
}

/** That there is a credential, and for which algorithms; never the credential itself. */
function digestJson({ digestCredential }: Subscription) {
  if (digestCredential === undefined) return null;
  return { algorithms: digestCredential.sha256 === undefined ? ['MD5'] : ['SHA-256', 'MD5'] };
}

/** That there is a credential, and the field that is no secret. */
function akaJson({ akaCredential }: Subscription) {
  return akaCredential === undefined ? null : { amf: akaCredential.amf };
}
