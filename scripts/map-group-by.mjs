// Map.groupBy for Node 20: Vitest's reporter groups failures with it, and would hide them otherwise.
if (Map.groupBy === undefined) {
  Map.groupBy = (items, keyOf) => {
    const groups = new Map();
    let index = 0;
    for (const item of items) {
      const key = keyOf(item, index++);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
    return groups;
  };
}
