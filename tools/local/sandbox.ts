/** `npm run sandbox`: a sandbox with the accounts that the project's environments name, until SIGINT or SIGTERM. */
import { accountOptions } from "./projectAccounts";

if (!process.argv.some((argument) => /^--accounts(=|$)/.test(argument)))
  process.argv.push(...accountOptions());
void import("@feature-store-access/sandbox/main");
