/** `pulumi-resource-aws` for the sandbox. The engine starts one process for each run. */
import { makeClients } from "./clients";
import { serve } from "./server";

// If the engine is killed, its plugins keep running: watch for that.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 1000).unref();

/** Loads all clients, which are otherwise loaded on first use, so that start.ts can cache their code. */
async function load(): Promise<void> {
  const clients = makeClients({
    region: "us-east-1",
    assumeRoles: [],
    allowedAccountIds: [],
    forbiddenAccountIds: [],
    defaultTags: {},
    skipCredentialsValidation: true,
  });
  await Promise.all([clients.iam(), clients.s3(), clients.kms(), clients.sagemaker(), clients.athena()]);
  await Promise.all([
    clients.cloudtrail(),
    clients.events(),
    clients.cloudwatch(),
    clients.sns(),
    clients.sqs(),
  ]);
}

/** The version of pulumi-aws that the plugin is installed for, from its folder's name. */
const version = () => /resource-aws-v([^/\\]+)$/.exec(__dirname)?.[1] ?? "0.0.0";

(process.argv[2] === "--keep-code" ? load() : serve(version())).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
