import { Command } from 'commander'
import { Problem, StartError } from '../errors.ts'
import { version } from '../platform/version.ts'

// Each command is loaded when it is asked for: checking a signature need not wait for the whole server.
const program = new Command('bookbell')
  .description('Scheduling on your own server, with webhooks that can be trusted.')
  .version(version)
  .showHelpAfterError()

program
  .command('serve')
  .description('serve the pages, the API and the background work (see BOOKBELL_ROLES)')
  .addHelpText('after', example('serve'))
  .action(async () => (await import('./serve.ts')).serve())
program
  .command('demo')
  .description('serve a sample organization in a throw-away database')
  .addHelpText('after', example('demo'))
  .action(async () => (await import('./demo.ts')).demo())
program
  .command('migrate')
  .description('bring the database to this version, then end')
  .addHelpText('after', example('migrate'))
  .action(async () => (await import('./migrate.ts')).migrate())

const organizations = program.command('organizations').description('the organizations of this server')
organizations
  .command('create')
  .description('make another organization with its owner and an API key')
  .requiredOption('--name <name>', 'name of the organization')
  .requiredOption('--owner-email <email>', "the owner's e-mail address")
  .requiredOption('--owner-password <password>', "the owner's password (8 to 128 characters)")
  .option('--timezone <zone>', "the owner's time zone", 'UTC')
  .addHelpText(
    'after',
    example('organizations create --name "Second" --owner-email second@example.com --owner-password "a long password"'),
  )
  .action(async (flags) => (await import('./organizations.ts')).createOrganizationCommand(flags))

askingServer(program.command('listen'))
  .description('follow the activities of a running server, and forward them to an address of yours, signed')
  .option(
    '--forward-to <url>',
    'where each is posted to, such as http://localhost:4000/hook; without it they are only shown',
  )
  .option('--action <action>', 'only this action; may be given several times', collect)
  .option('--from <where>', 'start, now, or a cursor (where it stopped the last time; the first time: now)')
  .option('--secret <secret>', 'what to sign with (one that is made the first time, and kept)')
  .option('--cursor-file <file>', 'where the cursor is kept')
  .option('--timeout <seconds>', 'how long an answer may take', '15')
  .option('--silence <seconds>', 'after how long without a heartbeat the connection counts as dead', '30')
  .option('--keep-going', 'go on after an answer that is no success, instead of trying again')
  .option('--json', 'print each body as a line of JSON, and everything else on the standard error output')
  .addHelpText('after', example('listen --forward-to http://localhost:4000/hook'))
  .action(async (flags) => (await import('./listen.ts')).listen(flags))
program
  .command('verify')
  .description('check a signature by hand; ends with 0 where it is valid, with 1 and the reason where it is not')
  .argument('[file]', 'the body as it came, or - for the standard input', '-')
  .requiredOption('--secret <secret>', 'whsec_… (or whpk_…, a public key); may be given several times', collect)
  .option('--id <id>', 'the header webhook-id')
  .option('--timestamp <seconds>', 'the header webhook-timestamp')
  .option('--signature <signature>', 'the header webhook-signature')
  .option('--request', 'the file is a whole HTTP request: headers, an empty line, the body')
  .option('--tolerance <seconds>', 'how old the timestamp may be; any: as old as it likes', '300')
  .addHelpText(
    'after',
    example('verify body.json --secret whsec_… --id act_42 --timestamp 1804064400 --signature v1,…'),
  )
  .action(async (file, flags) => (await import('./verify.ts')).verify(file, flags))
askingServer(program.command('trigger'))
  .description('have a running server send a realistic sample to a webhook, and show what it answered')
  .argument('[action]', 'one of the twelve actions, such as Meeting.scheduled')
  .option('--webhook <id>', 'the webhook; not needed where there is only one')
  .addHelpText('after', example('trigger Meeting.scheduled --webhook 1'))
  .action(async (action, flags) => (await import('./trigger.ts')).trigger(action, flags))
program
  .command('backup')
  .description('write everything that the database holds to a file, whether the server runs or not')
  .argument('<file>', 'the new file; what is there already is not replaced')
  .addHelpText('after', example('backup bookbell.backup'))
  .action(async (file) => (await import('./backup.ts')).backup(file))
program
  .command('restore')
  .description('fill an empty database from a backup')
  .argument('<file>', 'what bookbell backup has written')
  .addHelpText('after', example('restore bookbell.backup'))
  .action(async (file) => (await import('./restore.ts')).restore(file))

/** What every command takes that talks to a running server. */
function askingServer(command: Command): Command {
  return command
    .option('--server <url>', 'the server (BOOKBELL_URL, or else http://localhost:3000)')
    .option('--api-key <key>', 'one of its API keys (BOOKBELL_API_KEY)')
}

/** An option that may be given several times. */
function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

function example(line: string): string {
  return `\nExample:\n  bookbell ${line}`
}

try {
  await program.parseAsync()
} catch (error) {
  // One clear sentence for what a person can mend; the whole error for what only a developer can.
  if (error instanceof StartError) console.error(error.message)
  else if (error instanceof Problem) console.error(error.refusal.detail)
  else console.error(error)
  process.exit(1)
}
