/** How the providers' credentials are rotated. */
import type { ProviderRotation } from "../wire";

const byHand: ProviderRotation = {
  credential: "api_key",
  keys: [],
  madeHere: false,
  overlaps: true,
  byCall: false,
  tellsLastUse: false,
  prove: null,
  words: "made there, beside the old one; by hand",
  note: null,
  assumed: true,
};
const inPlace = { overlaps: false, words: "made there, in place of the old one; by hand" };

export const gr4vy: ProviderRotation[] = [
  {
    ...byHand,
    credential: "private_key",
    keys: ["EC/P-521"],
    madeHere: true,
    byCall: true,
    tellsLastUse: true,
    prove: "transactions",
    words: "made here, beside the old one; by calls; the last use is told",
    note: "The next key gets the roles and merchant accounts of the old one. Who makes it can give only those that it has itself.",
    assumed: false,
  },
  { ...byHand, credential: "private_key", keys: ["RSA"], prove: "transactions", assumed: false },
  { ...byHand, credential: "webhook_secret", assumed: false },
];

export const hedge: ProviderRotation[] = [
  { ...byHand, prove: "v1-api-keys" },
  { ...byHand, ...inPlace, credential: "webhook_secret" },
];

export const cryptopay: ProviderRotation[] = [
  { ...byHand, prove: "verify" },
  {
    ...byHand,
    credential: "login",
    madeHere: true,
    overlaps: false,
    prove: "verify",
    words: "made here, in place of the old one; by hand",
  },
  { ...byHand, ...inPlace, credential: "webhook_secret" },
];

export const partner: ProviderRotation[] = [{ ...byHand, ...inPlace, credential: "secret_key", prove: "portfolio" }];
