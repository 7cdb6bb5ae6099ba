/** Which sealed credentials a provider can work with. What fits is judged in Rust; this only sorts lists. */
import type { CredentialKind, KeyRow, Target, Profile, Provider } from "../host/wire";

/** What a kind of credential is once it is sealed. */
export const SEALED_AS: Record<CredentialKind["kind"], KeyRow["kind"]> = {
  "private-key": "private-key",
  secret: "shared-secret",
  "api-key": "api-key",
  login: "login",
  client: "client",
};

/** A private key is generated or imported; the others are typed. */
export const isTyped = ({ kind }: CredentialKind) => kind !== "private-key";

/** Whether a credential is one of those that this provider's calls are made with. */
export function worksFor(key: Pick<KeyRow, "alg" | "kind" | "binding">, provider: Provider): boolean {
  if (key.alg !== null) return provider.signsHere && (provider.algs.length === 0 || provider.algs.includes(key.alg));
  const kinds = provider.credentials.filter(({ authenticates }) => authenticates).map(({ kind }) => SEALED_AS[kind]);
  return kinds.includes(key.kind) && (key.binding === null || key.binding.provider === provider.id);
}

/** What is typed for a place and authenticates there, or does not. */
export function typedKinds(provider: Provider, authenticates: boolean): CredentialKind[] {
  return provider.credentials.filter((kind) => isTyped(kind) && kind.authenticates === authenticates);
}

export function providerOf(place: Target | null, profiles: Profile[], providers: Provider[]): Provider | null {
  const profile = profiles.find(({ name }) => name === place?.profile);
  return providers.find(({ id }) => id === profile?.provider) ?? null;
}
