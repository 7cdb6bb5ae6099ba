/** What an amount in the smallest unit of a currency means: 1299 GBP is £12.99, 1299 JPY is ¥1,299. */
export function money(amount: string, currency: string): string | null {
  if (!/^\d{1,15}$/.test(amount) || !/^[A-Z]{3}$/.test(currency)) return null;
  try {
    const format = new Intl.NumberFormat("en-GB", { style: "currency", currency, currencyDisplay: "narrowSymbol" });
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    return format.format(Number(amount) / 10 ** digits);
  } catch {
    return null;
  }
}

/** The claim's members that are filled in, as JSON; those that the claim had and this form does not know stay. */
export function embedJson(before: unknown, form: { amount: string; currency: string; buyerId: string; externalId: string }): string {
  const members: Record<string, unknown> = typeof before === "object" && before !== null && !Array.isArray(before) ? { ...before } : {};
  const put = (name: string, value: unknown) => {
    if (value === "") delete members[name];
    else members[name] = value;
  };
  put("amount", form.amount === "" ? "" : Number(form.amount));
  put("currency", form.currency);
  put("buyer_id", form.buyerId);
  put("buyer_external_identifier", form.externalId);
  return JSON.stringify(members, null, 2);
}

/** A claim as it stands in the text; undefined while the text is no JSON object or has no such claim. */
export function claimOf(text: string, name: string): unknown {
  try {
    const claims: unknown = JSON.parse(text);
    return typeof claims === "object" && claims !== null && Object.hasOwn(claims, name) ? (claims as Record<string, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}

export const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
