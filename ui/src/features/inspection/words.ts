/** The program's sentences, as they stand in a text. */

import { sentence } from "../../errors";

/** A name of JOSE is not written with a capital, also not where a sentence starts with it. */
const NAMES = /^(alg|typ|cty|kid|jwk|jku|x5c|x5u|x5t|crit|iss|sub|aud|exp|nbf|iat|jti|scopes?)\b/;

export function said(text: string): string {
  if (!NAMES.test(text)) return sentence(text);
  return /[.!?…:]$/.test(text) ? text : `${text}.`;
}
