import {
  startDavAccounts,
  startGoogleAccounts,
  startIcsAccounts,
  startMicrosoftAccounts,
} from '../../test/support/calendar-cases.ts'
import { davPrograms } from '../../test/support/dav-servers.ts'
import { openExampleRooms } from '../../test/support/example-providers.ts'
import { checkConferenceProvider, checkReading, checkWriting } from '../../test/support/provider-conformance.ts'

checkReading('A calendar file', startIcsAccounts)
for (const program of davPrograms) {
  checkReading(`CalDAV on ${program}`, () => startDavAccounts(program))
  checkWriting(`CalDAV on ${program}`, () => startDavAccounts(program))
}
checkReading('Google', startGoogleAccounts)
checkWriting('Google', startGoogleAccounts)
checkReading('Microsoft', startMicrosoftAccounts)
checkWriting('Microsoft', startMicrosoftAccounts)
checkConferenceProvider('The example rooms', openExampleRooms)
