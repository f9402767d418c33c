import { openExampleCalendar, openExampleRooms } from '../../test/support/example-providers.ts'
import { checkCalendarProvider, checkConferenceProvider } from '../../test/support/provider-conformance.ts'

checkCalendarProvider('The example calendar', openExampleCalendar)
checkConferenceProvider('The example rooms', openExampleRooms)
