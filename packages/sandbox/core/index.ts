/** What the rooms of the sandbox are written against: calls, the world, and the calls that services make of each other. */
export * from "./call";
export * from "./catalog";
export * from "./featureGroups";
export * from "./ports";
export * from "./world";
