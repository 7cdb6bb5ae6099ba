/** The id of what a tab of Inspect shows. */
export const TAB = "inspect-tab";
