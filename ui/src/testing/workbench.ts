/** What the screens remember, over a program in memory. What was said stays: on a busy computer four seconds are over soon. */
import type { FakeHost } from "../host/fake";
import { setUp as really, type Workbench } from "../state/workbench";

export function setUp(host: FakeHost): Workbench {
  const workbench = really(host, host.world.start);
  workbench.toasts.hold();
  return workbench;
}
