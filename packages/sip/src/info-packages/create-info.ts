/**
 * An INFO of a package (RFC 6086 4.2.1).
 *
 * @module
 */
import type { Dialog } from '../dialogs/dialog.ts';
import { formatInfoPackage, type InfoPackage } from '../headers/info-package.ts';
import type { SipRequest } from '../messages/message.ts';

/** The body of an INFO; what it means is up to the package. */
export interface InfoBody {
  readonly contentType: string;
  readonly octets: Uint8Array;
}

/** The next request of `dialog`. The body belongs to the package, and says so (RFC 6086 4.2.1). */
export function createInfo(dialog: Dialog, infoPackage: InfoPackage, body: InfoBody | undefined): SipRequest {
  const name = ['Info-Package', formatInfoPackage(infoPackage)] as const;
  if (body === undefined) return dialog.createRequest('INFO', { headers: [name] });
  const headers = [name, ['Content-Disposition', 'Info-Package'], ['Content-Type', body.contentType]] as const;
  return dialog.createRequest('INFO', { headers, body: body.octets });
}
