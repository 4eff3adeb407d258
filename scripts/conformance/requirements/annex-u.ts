/**
 * TS 33.203 annex U: Trusted Node Authentication, as the core sees it.
 *
 * @module
 */
import type { Requirement } from '../requirement.ts';

const circuitSwitched = 'circuit-switched access; here X.3 steps 0 to 4 take its place';

export const annexU: readonly Requirement[] = [
  {
    id: 'U.1 a',
    on: ['I-CSCF', 'S-CSCF'],
    says: 'Access to the IMS is possible on the authentication that a trusted node has made.',
    also: ['X.3.2.3-6.1', 'P.4.1', 'U.2-7', 'S-CSCF 4'],
    about: 'trusted|TNA|auth-done|HSS is told',
  },
  {
    id: 'U.1 b',
    on: ['I-CSCF'],
    says: 'The I-CSCF verifies the trust of the registering node, by visited network and network domain security.',
    also: ['U.2-4', 'I-CSCF 5'],
    refused: false,
  },
  { id: 'U.1 c', on: ['I-CSCF'], says: 'Only a trusted node is forwarded to the S-CSCF.', also: ['U.2-4', 'I-CSCF 5'] },
  {
    id: 'U.1 d',
    on: ['S-CSCF'],
    says: 'The S-CSCF looks at integrity-protected for the sign that authentication has been done.',
    also: ['P.4.2-1a', 'P.4.2', 'S-CSCF 4'],
    about: 'TNA|auth-done',
  },
  {
    id: 'U.2-1',
    on: ['operator'],
    says: 'Steps 1 to 3: attachment to the circuit-switched network.',
    notApplicable: circuitSwitched,
  },
  {
    id: 'U.2-4 a',
    on: ['eP-CSCF'],
    says: 'The trusted node sends REGISTER to the I-CSCF, with an instance and integrity-protected for authentication done.',
    also: ['X.3.2.3-5.1', 'eP-CSCF 7'],
    about: 'trusted node|auth-done|instance',
    refused: false,
  },
  {
    id: 'U.2-4 b',
    on: ['I-CSCF'],
    says: 'The I-CSCF verifies that this REGISTER comes from a trusted node (TS 33.210).',
    also: ['I-CSCF 5', 'U.1'],
  },
  {
    id: 'U.2-5',
    on: ['I-CSCF', 'HSS'],
    says: 'The I-CSCF asks the HSS with both identities and the visited network, and selects an S-CSCF by what it answers.',
    also: ['I-CSCF 1', 'I-CSCF 3', 'TS 29.228 6.1.1', 'TS 29.228 6.1.1.1', '24.229 5.3.1.2'],
  },
  {
    id: 'U.2-6',
    on: ['I-CSCF'],
    says: 'It forwards REGISTER to the S-CSCF selected.',
    also: ['24.229 5.3.1.2', '24.229 5.3.1.3', 'I-CSCF 3', 'I-CSCF 7'],
    refused: '4\\d\\d|5\\d\\d|refus|unreach',
  },
  {
    id: 'U.2-7 a',
    on: ['S-CSCF'],
    says: 'By the flag the S-CSCF knows that the subscriber is authenticated, and informs the HSS of the registration.',
    also: ['X.3.2.3-6.1', 'S-CSCF 4'],
    refused: false,
  },
  {
    id: 'U.2-7 b',
    on: ['HSS'],
    says: 'Asked for it, the HSS includes the user profile.',
    also: ['TS 29.228 6.1.2', 'TS 29.228 6.1.2.1', 'X.3.2.3-6.1', 'HSS 11'],
    about: 'profile|User-Data|user data',
    refused: 'no |not |already|without',
  },
  {
    id: 'U.2-8',
    on: ['S-CSCF'],
    says: 'The S-CSCF answers 200 to the I-CSCF.',
    also: ['X.3.2.3-7', 'X.3.2.3-7.1', 'S-CSCF 13'],
    about: '200',
    refused: false,
  },
  {
    id: 'U.2-9',
    on: ['I-CSCF'],
    says: 'The I-CSCF forwards the 200 to the trusted node.',
    also: ['24.229 5.3.1.2', 'I-CSCF 1'],
    refused: false,
    about: 'comes back|200|first time and the next',
  },
];
