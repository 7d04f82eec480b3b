import type { AccessPolicies, AccessRequest, Evaluation } from "./types";

export function evaluate(_request: AccessRequest, _policies: AccessPolicies): Evaluation {
  throw new Error("not written yet");
}
