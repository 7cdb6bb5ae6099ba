/** The program in memory as a browser asks for it: `/?first` without a vault, `/?open` unlocked, `/?place=Acme · Hedge/test`, `/?issued` with tokens, `/?exposed`, `/?interrupted`, `/?order` with a sheet of every kind of field, `/?rotation=promote` with a rotation after that step, `/?trouble=activate` with a refusal there, `/?unseen` with names that turn the text around them, `/?text=200`, `/?keys=10000`, `/?pace=3000` for work that takes its time. */
import type { RotationStep } from "../wire";
import { fourProviders } from "./data";
import { madeFor } from "./issued";
import { FakeHost } from "./index";
import { manyKeys } from "./keys";
import { ownerOf } from "./reading";
import { order } from "./sheets";
import { REFUSED, underway } from "./underway";
import { unseen } from "./unseen";

export function developmentHost(asked: URLSearchParams): FakeHost {
  const host = new FakeHost({ pace: Number(asked.get("pace") ?? 100), ...fourProviders() });
  const [profile, environment] = (asked.get("place") ?? "").split("/");
  if (profile !== undefined && environment !== undefined) host.world.place = { profile, environment };
  const { start } = host.world;
  host.world.start = {
    ...start,
    unlocked: asked.has("open"),
    appearance: { theme: "system", textPercent: Number(asked.get("text") ?? 100) },
    cost: asked.has("first") ? null : start.cost,
    vault: {
      ...start.vault,
      exists: !asked.has("first"),
      interrupted: asked.has("interrupted"),
      exposed: asked.has("exposed") ? [`${start.vault.path} (mode 644)`] : [],
    },
  };
  if (asked.has("issued") && host.world.place !== null) {
    const draft = {
      ...host.world.place,
      key: null,
      claims: "",
      header: null,
      target: null,
      body: null,
      shift: 0,
      with: "usual",
      scopes: null,
      ttl: null,
    } as const;
    host.world.issued.set(ownerOf(host.world, draft), madeFor(host.world, draft));
  }
  if (asked.has("order")) host.world.providers = host.world.providers.map((one) => ({ ...one, sheets: [...one.sheets, order] }));
  const until = asked.get("rotation");
  if (until !== null) underway(host.world, until as RotationStep);
  const trouble = asked.get("trouble");
  if (trouble !== null) host.world.troubles.set(trouble as RotationStep, REFUSED);
  if (asked.has("unseen")) unseen(host.world);
  if (asked.has("keys")) host.world.keys = [...host.world.keys, ...manyKeys(Number(asked.get("keys")))];
  return host;
}
