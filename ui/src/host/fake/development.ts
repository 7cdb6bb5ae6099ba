/** The program in memory as a browser asks for it: `/?first` without a vault, `/?open` unlocked, `/?exposed`, `/?text=200`, `/?keys=10000`, `/?pace=3000` for work that takes its time. */
import { FakeHost } from "./index";
import { manyKeys } from "./keys";

export function developmentHost(asked: URLSearchParams): FakeHost {
  const host = new FakeHost({ pace: Number(asked.get("pace") ?? 100) });
  const { start } = host.world;
  host.world.start = {
    ...start,
    unlocked: asked.has("open"),
    appearance: { theme: "system", textPercent: Number(asked.get("text") ?? 100) },
    cost: asked.has("first") ? null : start.cost,
    vault: { ...start.vault, exists: !asked.has("first"), exposed: asked.has("exposed") ? [`${start.vault.path} (mode 644)`] : [] },
  };
  if (asked.has("keys")) host.world.keys = [...host.world.keys, ...manyKeys(Number(asked.get("keys")))];
  return host;
}
