/** `npm run sandbox`: runs a sandbox with the accounts that the project's environments name, until SIGINT or SIGTERM. */
import { main } from "@feature-store-access/sandbox/main";
import { accountOptions } from "./projectAccounts";

const args = process.argv.slice(2);
main(args.some((argument) => /^--accounts(=|$)/.test(argument)) ? args : [...args, ...accountOptions()]);
