/** Things that outlive the component that asks for them first. */

/**
 * One thing for each owner, made when somebody first asks for it. It is made outside of the component that asks: a component
 * that is destroyed takes along each `$derived` that was made in it, and who comes back would see values that follow nothing.
 */
export function kept<Owner extends object, Thing extends object>(make: (owner: Owner) => Thing): (owner: Owner) => Thing {
  const known = new WeakMap<Owner, Thing>();
  return (owner) => {
    const before = known.get(owner);
    if (before !== undefined) return before;
    let made!: Thing;
    $effect.root(() => {
      made = make(owner);
    });
    known.set(owner, made);
    return made;
  };
}
