/** `pulumi-resource-aws` for the sandbox: started by the engine, one process for each run. */
import { version } from "@pulumi/aws/package.json";
import { serve } from "./server";

serve(version).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
