import { Command } from 'commander'
import { Problem, StartError } from '../errors.ts'
import { version } from '../platform/version.ts'

// Each command is loaded on demand, so that verifying a signature does not load the whole server.
const program = new Command('bookbell')
  .description('Scheduling on your own server, with webhooks you can rely on.')
  .version(version)
  .showHelpAfterError()

program
  .command('serve')
  .description('run the server: pages, API and background work (see BOOKBELL_ROLES)')
  .addHelpText('after', example('serve'))
  .action(async () => (await import('./serve.ts')).serve())
program
  .command('demo')
  .description('run a sample organization in a temporary database')
  .addHelpText('after', example('demo'))
  .action(async () => (await import('./demo.ts')).demo())
program
  .command('migrate')
  .description('migrate the database to this version, then exit')
  .addHelpText('after', example('migrate'))
  .action(async () => (await import('./migrate.ts')).migrate())

const organizations = program.command('organizations').description('manage the organizations on this server')
organizations
  .command('create')
  .description('create an organization with its owner and an API key')
  .requiredOption('--name <name>', 'name of the organization')
  .requiredOption('--owner-email <email>', "the owner's email address")
  .option(
    '--owner-password-file <file>',
    "a file that contains the owner's password, or - for standard input (default: the owner chooses a password through a link)",
  )
  .option('--timezone <zone>', "the owner's time zone", 'UTC')
  .addHelpText('after', example('organizations create --name "Second" --owner-email second@example.com'))
  .action(async (flags) => (await import('./organizations.ts')).createOrganizationCommand(flags))
organizations
  .command('delete')
  .description('delete an organization with everything in it; cannot be undone')
  .argument('<name|id>', "the organization's name or id")
  .requiredOption('--confirm <name>', "the organization's name again")
  .addHelpText('after', example('organizations delete 2 --confirm "Second"'))
  .action(async (nameOrId, flags) => (await import('./organizations.ts')).deleteOrganizationCommand(nameOrId, flags))

const accounts = program.command('accounts').description('manage the accounts of this server')
accounts
  .command('mail')
  .description('print the newest account emails that were not sent, such as reset links')
  .addHelpText('after', example('accounts mail'))
  .action(async () => (await import('./accounts.ts')).showAccountMail())

accounts
  .command('reset-second-factor')
  .description('turn off the second factor for a person who has lost it, and end their sessions')
  .requiredOption('--email <email>', "the email address of the person's account")
  .addHelpText('after', example('accounts reset-second-factor --email nell@example.com'))
  .action(async (flags) => (await import('./accounts.ts')).resetSecondFactorCommand(flags))

const people = program.command('people').description("export or erase a person's data on a running server")
withServerOptions(people.command('export'))
  .description('print everything that is stored about an email address, as JSON')
  .argument('<email>', 'the address, which is not case-sensitive')
  .addHelpText('after', example('people export guest@example.com > guest.json'))
  .action(async (email, flags) => (await import('./people.ts')).exportPersonCommand(email, flags))
withServerOptions(people.command('erase'))
  .description('overwrite everything that is stored about an email address; cannot be undone')
  .argument('<email>', 'the address, which is not case-sensitive')
  .requiredOption('--confirm <email>', 'the same address again')
  .addHelpText('after', example('people erase guest@example.com --confirm guest@example.com'))
  .action(async (email, flags) => (await import('./people.ts')).erasePersonCommand(email, flags))

withServerOptions(program.command('listen'))
  .description('follow the activities of a running server and forward them to your own URL as signed requests')
  .option(
    '--forward-to <url>',
    'the URL to post each activity to, such as http://localhost:4000/hook; without it, activities are only shown',
  )
  .option('--action <action>', 'follow only this action; can be repeated', collect)
  .option(
    '--from <where>',
    'where to begin: start, now or a cursor (default: the stored cursor; on the first run, now)',
  )
  .option('--secret <secret>', 'the signing secret (default: generated on the first run and stored)')
  .option('--cursor-file <file>', 'the file that stores the cursor')
  .option('--timeout <seconds>', 'how long to wait for a response', '15')
  .option('--silence <seconds>', 'how long to wait for a heartbeat before reconnecting', '30')
  .option('--keep-going', 'continue after a non-2xx response instead of retrying')
  .option('--json', 'print each payload as a line of JSON, and everything else to standard error')
  .addHelpText('after', example('listen --forward-to http://localhost:4000/hook'))
  .action(async (flags) => (await import('./listen.ts')).listen(flags))
program
  .command('verify')
  .description('check a signature; if it is not valid, print the reason and exit with 1')
  .argument('[file]', 'the raw body, or - for standard input', '-')
  .requiredOption('--secret <secret>', 'the secret, whsec_… (or whpk_… for a public key); can be repeated', collect)
  .option('--id <id>', 'the webhook-id header')
  .option('--timestamp <seconds>', 'the webhook-timestamp header')
  .option('--signature <signature>', 'the webhook-signature header')
  .option('--request', 'the file contains a complete HTTP request: headers, an empty line, and the body')
  .option('--tolerance <seconds>', 'the maximum age of the timestamp in seconds, or any', '300')
  .addHelpText(
    'after',
    example('verify body.json --secret whsec_… --id act_42 --timestamp 1804064400 --signature v1,…'),
  )
  .action(async (file, flags) => (await import('./verify.ts')).verify(file, flags))
withServerOptions(program.command('trigger'))
  .description('send a realistic sample to a webhook of a running server, and show the response')
  .argument('[action]', 'an action, such as Meeting.scheduled')
  .option('--webhook <id>', 'the id of the webhook; not needed if there is only one webhook')
  .addHelpText('after', example('trigger Meeting.scheduled --webhook 1'))
  .action(async (action, flags) => (await import('./trigger.ts')).trigger(action, flags))
program
  .command('backup')
  .description('back up the whole database to a file, whether the server is running or not')
  .argument('<file>', 'the new file; an existing file is not overwritten')
  .addHelpText('after', example('backup bookbell.backup'))
  .action(async (file) => (await import('./backup.ts')).backup(file))
program
  .command('restore')
  .description('restore a backup into an empty database')
  .argument('<file>', 'a file written by bookbell backup')
  .addHelpText('after', example('restore bookbell.backup'))
  .action(async (file) => (await import('./restore.ts')).restore(file))

/** Adds the options for commands that connect to a running server. */
function withServerOptions(command: Command): Command {
  return command
    .option('--server <url>', "the server's URL (default: BOOKBELL_URL, or http://localhost:3000)")
    .option('--api-key <key>', 'an API key of the server (default: BOOKBELL_API_KEY)')
}

/** Collects the values of a repeatable option. */
function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

function example(line: string): string {
  return `\nExample:\n  bookbell ${line}`
}

try {
  await program.parseAsync()
} catch (error) {
  // Prints a message for errors that a user can fix, and the whole error for those that need a developer.
  if (error instanceof StartError) console.error(error.message)
  else if (error instanceof Problem) console.error(error.refusal.detail)
  else console.error(error)
  process.exit(1)
}
