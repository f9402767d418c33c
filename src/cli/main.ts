import { Command } from 'commander'
import { Problem, StartError } from '../errors.ts'
import { version } from '../platform/version.ts'
import { demo } from './demo.ts'
import { migrate } from './migrate.ts'
import { createOrganizationCommand } from './organizations.ts'
import { serve } from './serve.ts'

const program = new Command('bookbell')
  .description('Scheduling on your own server, with webhooks that can be trusted.')
  .version(version)
  .showHelpAfterError()

program
  .command('serve')
  .description('serve the pages, the API and the background work (see BOOKBELL_ROLES)')
  .action(serve)
program.command('demo').description('serve a sample organization in a throw-away database').action(demo)
program.command('migrate').description('bring the database to this version, then end').action(migrate)

const organizations = program.command('organizations').description('the organizations of this server')
organizations
  .command('create')
  .description('make another organization with its owner and an API key')
  .requiredOption('--name <name>', 'name of the organization')
  .requiredOption('--owner-email <email>', "the owner's e-mail address")
  .requiredOption('--owner-password <password>', "the owner's password (8 to 128 characters)")
  .option('--timezone <zone>', "the owner's time zone", 'UTC')
  .action(createOrganizationCommand)

try {
  await program.parseAsync()
} catch (error) {
  // One clear sentence for what a person can mend; the whole error for what only a developer can.
  if (error instanceof StartError) console.error(error.message)
  else if (error instanceof Problem) console.error(error.refusal.detail)
  else console.error(error)
  process.exit(1)
}
