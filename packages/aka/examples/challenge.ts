import * as aka from '@wicgate/aka';

/** One challenge: the password that the S-CSCF expects, and the one that the terminal has. */
export async function challenge(
  keys: aka.MilenageKeys,
  store: aka.SequenceStore,
  random: (length: number) => Uint8Array,
) {
  // HSS: the number after SQN_HE is stored before the vector leaves.
  const milenage = aka.createMilenage(keys);
  const source = { milenage, amf: new Uint8Array([0x80, 0]), sqn: aka.nextSqn(0), rand: random(16) };
  const { rand, autn, xres, ck, ik } = aka.createAuthenticationVector(source);
  // S-CSCF: the nonce goes out, XRES, CK and IK stay.
  const nonce = aka.formatAkaNonce({ rand, autn });
  const expected = aka.akaDigestPassword('AKAv2-SHA-256', { res: xres, ck, ik });
  // Terminal: undefined is a wrong MAC; `auts` beside an empty password asks to resynchronise.
  const received = aka.parseAkaNonce(nonce);
  const result = await new aka.SoftIsim({ keys, store }).authenticate(received.rand, received.autn);
  return { expected, answer: aka.akaDigestAnswer('AKAv2-SHA-256', result) };
}
