/** A picture of a few lines: lucide's, or one made as they are. */
import type { Component } from "svelte";

export type Icon = Component<{ class?: string; "aria-hidden"?: "true" }>;
