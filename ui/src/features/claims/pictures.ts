/** The pictures that a provider's definition chooses from for its sheets. */
import Banknote from "@lucide/svelte/icons/banknote";
import Link from "@lucide/svelte/icons/link";
import ShoppingCart from "@lucide/svelte/icons/shopping-cart";
import TextCursorInput from "@lucide/svelte/icons/text-cursor-input";

import type { ClaimSheet } from "../../host/wire";
import type { Icon } from "../../icon";

export const pictures: Record<ClaimSheet["icon"], Icon> = { form: TextCursorInput, money: Banknote, cart: ShoppingCart, link: Link };
