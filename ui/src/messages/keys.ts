/** Keys, in English. */
export const keys = {
  picture: { of: (thumbprint: string) => `Key picture of ${thumbprint.slice(0, 8)}`, uncut: "A key that is not cut: no thumbprint" },
};
