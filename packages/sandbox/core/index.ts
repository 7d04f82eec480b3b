/** The types that the other rooms build on: calls, the world, and the calls between services. */
export * from "./call";
export * from "./catalog";
export * from "./featureGroups";
export * from "./ports";
export * from "./world";
