/** A child process that plans resources: it receives settings by message, and sends back resources or an error's message. */
import { UserError } from "../model/errors";
import { plannedResources } from "./planned";
import type { Settings } from "../../components/settings";

export interface PlanRequest {
  readonly settings: Settings;
  readonly root: string;
}

export type PlanAnswer =
  | { readonly described: Awaited<ReturnType<typeof plannedResources>> }
  | { readonly message: string; readonly stack?: string; readonly isUsers: boolean };

process.once("message", ({ settings, root }: PlanRequest) => {
  plannedResources(settings, root)
    .then((described): PlanAnswer => ({ described }))
    .catch((error: unknown): PlanAnswer => {
      const { message, stack } = error as Error;
      return { message, isUsers: error instanceof UserError, ...(stack === undefined ? {} : { stack }) };
    })
    .then((answer) => process.send?.(answer, () => process.disconnect()))
    .catch(() => process.exit(1));
});
