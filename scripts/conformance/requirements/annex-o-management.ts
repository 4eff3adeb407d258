/**
 * TS 33.203 O.3 to O.5: failures, sessions and certificates of TLS.
 *
 * @module
 */
import type { Requirement } from '../requirement.ts';

const secAgree = 'O.2.2 negotiates TLS by RFC 3329 during registration; W2 is TLS before it (O.2.3)';
const renegotiation = 'TLS 1.3 has none; under TLS 1.2 the gateway never asks for it and browsers refuse it';
const browser = 'the TLS client is the browser; its certificate validation is not ours';

export const annexOManagement: readonly Requirement[] = [
  {
    id: 'O.3.1.1 a',
    on: ['S-CSCF'],
    says: 'A wrong response: 4xx by way of the gateway.',
    also: ['N.2.2.1', 'S-CSCF 7'],
    about: '403|wrong',
    refused: false,
  },
  {
    id: 'O.3.1.1 b',
    on: ['eP-CSCF', 'WIC'],
    says: 'UE and gateway then close the TLS connection and forget its session.',
    about: 'close|closes|1008|wrong password',
    also: ['eP-CSCF 15'],
    refused: false,
  },
  {
    id: 'O.3.1.2',
    on: ['WIC'],
    says: 'Where the certificate of the gateway does not check, the UE sends a TLS alert.',
    notApplicable: browser,
  },
  {
    id: 'O.3.1.3',
    on: ['WIC', 'eP-CSCF', 'S-CSCF'],
    says: 'After stale=true the UE tries again in the same TLS session.',
    also: ['WIC 8', 'N.2.3'],
    about: 'same connection|stale|renewed',
  },
  {
    id: 'O.3.1.4',
    on: ['WIC'],
    says: 'A UE whose answer gets no reply in time starts a new registration.',
    also: ['O.4.1', 'RFC 5626 4.5'],
    refused: false,
    about: 'times out|no reply|no answer|408',
  },
  { id: 'O.3.2', on: ['WIC', 'eP-CSCF'], says: 'Errors of the security set-up by RFC 3329.', notApplicable: secAgree },
  {
    id: 'O.4.1 a',
    on: ['WIC', 'S-CSCF'],
    says: 'One registration procedure at a time: data and connection of an unfinished one are removed.',
    also: ['O.2.3'],
    refused: false,
    about: 'one after the other|at a time|at once|unfinished',
  },
  { id: 'O.4.1 b', on: ['WIC'], says: 'Renegotiation asked for by the gateway.', notApplicable: renegotiation },
  {
    id: 'O.4.1 c',
    on: ['WIC'],
    says: 'When the TLS connection is lost the UE registers anew.',
    about: 'lost|loss|restart|anew|reload',
    also: ['WIC 14'],
    refused: false,
  },
  {
    id: 'O.4.2 a',
    on: ['eP-CSCF'],
    says: 'The gateway may renegotiate, and then replaces the session in its binding.',
    notApplicable: renegotiation,
  },
  {
    id: 'O.4.2 b',
    on: ['eP-CSCF'],
    says: 'A TLS handshake beside a bound connection is accepted only during a registration procedure.',
    also: ['X.3.2.3-7'],
    about: 'nobody registers in time|handshake|in time',
    refused: false,
  },
  {
    id: 'O.4.3 a',
    on: ['WIC'],
    says: 'A re-registration uses the active TLS session.',
    also: ['N.2.1.1', 'X.2.2.3', 'O.3.1.3'],
    refused: false,
    about: 'same connection|bound connection',
  },
  {
    id: 'O.4.3 b',
    on: ['eP-CSCF'],
    says: 'On a bound session the IMPI of REGISTER must be the one that is bound; then tls-yes.',
    about: 'tls-yes|IMPI|another|other|user',
    also: ['eP-CSCF 6'],
    refused: '403|refus',
  },
  {
    id: 'O.4.3 c',
    on: ['eP-CSCF'],
    says: 'Without IMPI there is no indicator.',
    about: 'without a private identity|without IMPI|says nothing',
    also: ['eP-CSCF 6'],
    refused: false,
  },
  {
    id: 'O.4.3 d',
    on: ['S-CSCF'],
    says: 'With tls-yes the S-CSCF may authenticate or not, by its policy.',
    about: 'tls-yes',
    also: ['S-CSCF 11'],
    refused: 'challenged|not registered',
  },
  {
    id: 'O.4.3 e',
    on: ['S-CSCF'],
    says: 'Without an indicator the S-CSCF challenges.',
    about: 'absent|challenged|no indicator',
    also: ['S-CSCF 11'],
    refused: false,
  },
  {
    id: 'O.4.3 f',
    on: ['WIC'],
    says: 'A UE that takes the session for dead should register anew.',
    also: ['O.4.1', 'RFC 5626 4.5', 'WIC 14', 'RFC 5626 4.4.1'],
    about: 'lost|dead|loss|anew|no answer|pong',
    refused: false,
  },
  {
    id: 'O.5.1',
    on: ['eP-CSCF'],
    says: 'Certificates are X.509, signed by a trusted party; CN is the one FQDN, which subjectAltName has too.',
    also: ['eP-CSCF 18', 'certificates'],
    about: 'FQDN|subjectAltName|certificate|CN',
    refused: false,
  },
  {
    id: 'O.5.2',
    on: ['WIC', 'eP-CSCF'],
    says: 'Certificates are validated as a path to a trusted root (RFC 5280).',
    also: ['U.2-4', 'TS 33.210 5', 'X.3.2.3-4'],
    about: 'certificate|authority',
  },
  { id: 'O.5.3', on: ['WIC'], says: 'Revocation lists may be checked.', notApplicable: browser },
];
