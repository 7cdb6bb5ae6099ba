import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";

import { mount } from "svelte";

import { followSystemTheme } from "./state/theme";
import Welcome from "./views/Welcome.svelte";

followSystemTheme(document.documentElement, matchMedia("(prefers-color-scheme: dark)"));

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no #app");
mount(Welcome, { target });
