/** `pulumi-resource-aws` for the sandbox: started by the engine, one process for each run. */
import { version } from "@pulumi/aws/package.json";
import { serve } from "./server";

// An engine that is killed ends nothing: without it there is nobody left to serve.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 1000).unref();

serve(version).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
