/** A calendar and its busy times from 2027-03-01 to 2027-05-01 in UTC. 2027-03-01 is a Monday. */
export interface CorpusCase {
  rule: string
  /** The lines of the components. */
  lines: string[]
  /** In the form `03-01 08:00/09:00`: month, day and times in UTC, calculated by hand. */
  busy: string[]
  /** Defaults to Europe/Berlin, which is UTC+1 until 2027-03-28 01:00 UTC and UTC+2 afterwards. */
  timezone?: string | null
  tentativeBlocks?: boolean
  allDayBlocks?: boolean
}

const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT']
const override = (...lines: string[]) => event(...lines)
const nineToTen = ['DTSTART;TZID=Europe/Berlin:20270301T090000', 'DTEND;TZID=Europe/Berlin:20270301T100000']
const daily = (...rest: string[]) => event(...nineToTen, 'RRULE:FREQ=DAILY;COUNT=4', ...rest)
const utcHour = ['DTSTART:20270301T080000Z', 'DTEND:20270301T090000Z']
const hours = (first: number, last: number, day: string) =>
  Array.from({ length: last - first + 1 }, (_, index) => {
    const at = (hour: number) => String(hour).padStart(2, '0')
    return `${day} ${at(first + index)}:00/${at(first + index)}:30`
  })

export const corpus: CorpusCase[] = [
  // What counts as busy
  { rule: 'an event is busy', lines: event(...utcHour), busy: ['03-01 08:00/09:00'] },
  { rule: 'a transparent event is free', lines: event(...utcHour, 'TRANSP:TRANSPARENT'), busy: [] },
  { rule: 'an opaque event is busy', lines: event(...utcHour, 'TRANSP:OPAQUE'), busy: ['03-01 08:00/09:00'] },
  { rule: 'a cancelled event is free', lines: event(...utcHour, 'STATUS:CANCELLED'), busy: [] },
  { rule: 'a tentative event is busy', lines: event(...utcHour, 'STATUS:TENTATIVE'), busy: ['03-01 08:00/09:00'] },
  {
    rule: 'a tentative event is free if the switch says so',
    lines: event(...utcHour, 'STATUS:TENTATIVE'),
    tentativeBlocks: false,
    busy: [],
  },
  {
    rule: 'an event that the member declined is free',
    lines: event(...utcHour, 'ATTENDEE;PARTSTAT=DECLINED;CN=Ada:MAILTO:Ada@Example.com'),
    busy: [],
  },
  {
    rule: 'an event that the member declined at a second address is free',
    lines: event(...utcHour, 'ATTENDEE;PARTSTAT=DECLINED;EMAIL=ada@home.example:urn:uuid:1'),
    busy: [],
  },
  {
    rule: 'an event that someone else declined is busy',
    lines: event(...utcHour, 'ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com'),
    busy: ['03-01 08:00/09:00'],
  },
  {
    rule: 'an event that the member accepted tentatively follows the switch',
    lines: event(...utcHour, 'ATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.com'),
    tentativeBlocks: false,
    busy: [],
  },
  {
    rule: 'an event that Outlook marks as tentative follows the switch',
    lines: event(...utcHour, 'X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE'),
    tentativeBlocks: false,
    busy: [],
  },
  {
    rule: 'an event with alarms and folded lines is read',
    lines: event(
      'DTSTART:2027030',
      ' 1T080000Z',
      'DTEND:20270301T090000Z',
      'DESCRIPTION:Bring\\n the',
      '  papers',
      ...['BEGIN:VALARM', 'TRIGGER:-PT15M', 'DURATION:PT5M', 'REPEAT:2', 'ACTION:DISPLAY', 'END:VALARM'],
    ),
    busy: ['03-01 08:00/09:00'],
  },
  { rule: 'to-dos and journals are free', lines: ['BEGIN:VTODO', 'UID:t', ...utcHour, 'END:VTODO'], busy: [] },
  // Durations
  {
    rule: 'a duration of hours is exact across a clock change',
    lines: event('DTSTART;TZID=Europe/Berlin:20270327T230000', 'DURATION:PT8H'),
    busy: ['03-27 22:00/03-28 06:00'],
  },
  {
    rule: 'a duration of days is on the calendar',
    lines: event('DTSTART;TZID=Europe/Berlin:20270327T230000', 'DURATION:P1D'),
    busy: ['03-27 22:00/03-28 21:00'],
  },
  {
    rule: 'a duration of a week is on the calendar',
    lines: event('DTSTART;TZID=Europe/Berlin:20270325T120000', 'DURATION:P1W'),
    busy: ['03-25 11:00/04-01 10:00'],
  },
  {
    rule: 'days of a duration come before its hours',
    lines: event('DTSTART;TZID=Europe/Berlin:20270327T120000', 'DURATION:P1DT2H'),
    busy: ['03-27 11:00/03-28 12:00'],
  },
  { rule: 'a time without an end takes no time', lines: event('DTSTART:20270301T080000Z'), busy: [] },
  {
    rule: 'an end before the start takes no time',
    lines: event('DTSTART:20270301T080000Z', 'DTEND:20270301T070000Z'),
    busy: [],
  },
  {
    rule: 'start and end may be in different zones',
    lines: event('DTSTART;TZID=Europe/Berlin:20270301T090000', 'DTEND;TZID=America/New_York:20270301T090000'),
    busy: ['03-01 08:00/14:00'],
  },
  {
    rule: 'an event that began before the window counts',
    lines: event('DTSTART:20270220T000000Z', 'DTEND:20270302T000000Z'),
    busy: ['02-20 00:00/03-02 00:00'],
  },
  {
    rule: 'an event that ends when the window begins is outside',
    lines: event('DTSTART:20270228T230000Z', 'DTEND:20270301T000000Z'),
    busy: [],
  },
  // All-day
  {
    rule: "an all-day event is a day in the calendar's zone",
    lines: event('DTSTART;VALUE=DATE:20270302', 'DTEND;VALUE=DATE:20270303'),
    busy: ['03-01 23:00/03-02 23:00'],
  },
  {
    rule: "without a calendar's zone it is one in the member's",
    lines: event('DTSTART;VALUE=DATE:20270302'),
    timezone: null,
    busy: ['03-02 05:00/03-03 05:00'],
  },
  {
    rule: 'an all-day event without an end takes one day',
    lines: event('DTSTART;VALUE=DATE:20270302'),
    busy: ['03-01 23:00/03-02 23:00'],
  },
  {
    rule: 'the day of a clock change has 23 hours',
    lines: event('DTSTART;VALUE=DATE:20270328'),
    busy: ['03-27 23:00/03-28 22:00'],
  },
  {
    rule: 'an all-day event with a duration takes that many days',
    lines: event('DTSTART;VALUE=DATE:20270327', 'DURATION:P3D'),
    busy: ['03-26 23:00/03-29 22:00'],
  },
  {
    rule: 'an all-day event is free if the switch says so',
    lines: event('DTSTART;VALUE=DATE:20270302'),
    allDayBlocks: false,
    busy: [],
  },
  {
    rule: 'a date written without VALUE=DATE is a date',
    lines: event('DTSTART:20270302'),
    busy: ['03-01 23:00/03-02 23:00'],
  },
  {
    rule: 'an all-day event repeats by dates',
    lines: event('DTSTART;VALUE=DATE:20270327', 'RRULE:FREQ=DAILY;UNTIL=20270329', 'EXDATE;VALUE=DATE:20270328'),
    busy: ['03-26 23:00/03-27 23:00', '03-28 22:00/03-29 22:00'],
  },
  {
    rule: 'an exception of an all-day event may be an instant',
    lines: event('DTSTART;VALUE=DATE:20270301', 'RRULE:FREQ=DAILY;COUNT=2', 'EXDATE:20270301T230000Z'),
    busy: ['02-28 23:00/03-01 23:00'],
  },
  // Time zones
  {
    rule: 'a Windows name is the zone of CLDR',
    lines: event('DTSTART;TZID="W. Europe Standard Time":20270301T090000', 'DURATION:PT1H'),
    timezone: 'America/New_York',
    busy: ['03-01 08:00/09:00'],
  },
  {
    rule: 'a path that ends with an IANA name is that zone',
    lines: event('DTSTART;TZID=/mozilla.org/20050126_1/Asia/Tokyo:20270301T090000', 'DURATION:PT1H'),
    busy: ['03-01 00:00/01:00'],
  },
  {
    rule: 'an unknown name is the VTIMEZONE of the file',
    lines: [
      ...['BEGIN:VTIMEZONE', 'TZID:Customized Time Zone'],
      ...['BEGIN:STANDARD', 'DTSTART:16010101T030000', 'TZOFFSETFROM:-0330', 'TZOFFSETTO:-0430'],
      ...['RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU', 'END:STANDARD'],
      ...['BEGIN:DAYLIGHT', 'DTSTART:16010101T020000', 'TZOFFSETFROM:-0430', 'TZOFFSETTO:-0330'],
      ...['RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=3SU', 'END:DAYLIGHT', 'END:VTIMEZONE'],
      ...event('DTSTART;TZID=Customized Time Zone:20270320T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2'),
    ],
    busy: ['03-20 13:30/14:30', '03-21 12:30/13:30'],
  },
  {
    rule: 'a VTIMEZONE without rules has one offset',
    lines: [
      ...['BEGIN:VTIMEZONE', 'TZID:Here', 'BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0545'],
      ...['TZOFFSETTO:+0545', 'END:STANDARD', 'END:VTIMEZONE'],
      ...event('DTSTART;TZID=Here:20270301T090000', 'DURATION:PT1H'),
    ],
    busy: ['03-01 03:15/04:15'],
  },
  {
    rule: 'a VTIMEZONE whose rule ended keeps its last offset',
    lines: [
      ...['BEGIN:VTIMEZONE', 'TZID:There', 'BEGIN:DAYLIGHT', 'DTSTART:20000326T020000', 'TZOFFSETFROM:+0300'],
      ...['TZOFFSETTO:+0400', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20100327T230000Z', 'END:DAYLIGHT'],
      ...['BEGIN:STANDARD', 'DTSTART:20001029T030000', 'TZOFFSETFROM:+0400', 'TZOFFSETTO:+0300'],
      ...['RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20101030T230000Z', 'END:STANDARD', 'END:VTIMEZONE'],
      ...event('DTSTART;TZID=There:20270301T090000', 'DURATION:PT1H'),
    ],
    busy: ['03-01 06:00/07:00'],
  },
  {
    rule: 'a name that nothing explains is the zone of the calendar',
    lines: event('DTSTART;TZID=Nowhere:20270301T090000', 'DURATION:PT1H'),
    busy: ['03-01 08:00/09:00'],
  },
  {
    rule: 'a floating time is in the zone of the calendar',
    lines: event('DTSTART:20270301T090000', 'DURATION:PT1H'),
    timezone: 'Asia/Kolkata',
    busy: ['03-01 03:30/04:30'],
  },
  {
    rule: 'the file can name the zone of floating times',
    lines: ['X-WR-TIMEZONE:Asia/Tokyo', ...event('DTSTART:20270301T090000', 'DURATION:PT1H')],
    timezone: null,
    busy: ['03-01 00:00/01:00'],
  },
  {
    rule: 'a time that a clock change skips moves forward',
    lines: event('DTSTART;TZID=Europe/Berlin:20270328T023000', 'DURATION:PT1H'),
    busy: ['03-28 01:30/02:30'],
  },
  {
    rule: 'a day after a skipped time is counted from where it moved to',
    lines: event('DTSTART;TZID=Europe/Berlin:20270328T023000', 'DURATION:P1D'),
    busy: ['03-28 01:30/03-29 01:30'],
  },
  {
    rule: 'a time in the repeated hour is the first one',
    lines: event('DTSTART;TZID=Australia/Sydney:20270404T023000', 'DURATION:PT1H'),
    busy: ['04-03 15:30/16:30'],
  },
  {
    rule: 'a rule keeps its wall time across a clock change',
    lines: event('DTSTART;TZID=Europe/Berlin:20270327T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2'),
    busy: ['03-27 08:00/09:00', '03-28 07:00/08:00'],
  },
  {
    rule: 'a rule in UTC keeps its instant across a clock change',
    lines: event('DTSTART:20270327T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2'),
    busy: ['03-27 08:00/09:00', '03-28 08:00/09:00'],
  },
  {
    rule: 'a rule at a skipped time moves on that day alone',
    lines: event('DTSTART;TZID=Europe/Berlin:20270327T023000', 'DURATION:PT30M', 'RRULE:FREQ=DAILY;COUNT=3'),
    busy: ['03-27 01:30/02:00', '03-28 01:30/02:00', '03-29 00:30/01:00'],
  },
  // Recurrence rules
  {
    rule: 'every other week on two days',
    lines: event(...utcHour, 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4'),
    busy: ['03-01 08:00/09:00', '03-04 08:00/09:00', '03-15 08:00/09:00', '03-18 08:00/09:00'],
  },
  {
    rule: 'the first day of the week decides which weeks are counted',
    lines: event(
      'DTSTART:20270302T080000Z',
      'DURATION:PT1H',
      'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=4',
    ),
    busy: ['03-02 08:00/09:00', '03-14 08:00/09:00', '03-16 08:00/09:00', '03-28 08:00/09:00'],
  },
  {
    rule: 'the last Friday of the month',
    lines: event('DTSTART:20270326T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=MONTHLY;BYDAY=-1FR'),
    busy: ['03-26 08:00/09:00', '04-30 08:00/09:00'],
  },
  {
    rule: 'the last working day of the month',
    lines: event('DTSTART:20270331T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'),
    busy: ['03-31 08:00/09:00', '04-30 08:00/09:00'],
  },
  {
    rule: 'the 31st leaves out the months without one',
    lines: event('DTSTART:20270131T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=31'),
    busy: ['03-31 08:00/09:00'],
  },
  {
    rule: 'the last day of the month',
    lines: event('DTSTART:20270131T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=-1'),
    busy: ['03-31 08:00/09:00', '04-30 08:00/09:00'],
  },
  {
    rule: 'a Tuesday the 13th only',
    lines: event('DTSTART:20260313T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYDAY=TU;BYMONTHDAY=13'),
    busy: ['04-13 08:00/09:00'],
  },
  {
    rule: 'every year since long ago',
    lines: event('DTSTART;TZID=Europe/Berlin:19800405T090000', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY'),
    busy: ['04-05 07:00/08:00'],
  },
  {
    rule: 'every year in the tenth week',
    lines: event('DTSTART:20200302T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY;BYWEEKNO=10;BYDAY=WE'),
    busy: ['03-10 08:00/09:00'],
  },
  {
    rule: 'every year on the hundredth day',
    lines: event('DTSTART:20260410T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY;BYYEARDAY=100'),
    busy: ['04-10 08:00/09:00'],
  },
  {
    rule: 'a leap day only in leap years',
    lines: event('DTSTART:20240229T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY'),
    busy: [],
  },
  {
    rule: 'every hour until an instant',
    lines: event('DTSTART:20270301T080000Z', 'DURATION:PT30M', 'RRULE:FREQ=HOURLY;UNTIL=20270301T120000Z'),
    busy: hours(8, 12, '03-01'),
  },
  {
    rule: 'every 90 minutes',
    lines: event('DTSTART:20270301T080000Z', 'DURATION:PT30M', 'RRULE:FREQ=MINUTELY;INTERVAL=90;COUNT=3'),
    busy: ['03-01 08:00/08:30', '03-01 09:30/10:00', '03-01 11:00/11:30'],
  },
  {
    rule: 'every 7,200 seconds',
    lines: event('DTSTART:20270301T080000Z', 'DURATION:PT30M', 'RRULE:FREQ=SECONDLY;INTERVAL=7200;COUNT=2'),
    busy: ['03-01 08:00/08:30', '03-01 10:00/10:30'],
  },
  {
    rule: 'twice a day',
    lines: event('DTSTART:20270301T080000Z', 'DURATION:PT30M', 'RRULE:FREQ=DAILY;BYHOUR=8,14;BYMINUTE=0;COUNT=3'),
    busy: ['03-01 08:00/08:30', '03-01 14:00/14:30', '03-02 08:00/08:30'],
  },
  {
    rule: 'UNTIL is included, as an instant in the zone of the event',
    lines: event(...nineToTen, 'RRULE:FREQ=DAILY;UNTIL=20270302T080000Z'),
    busy: ['03-01 08:00/09:00', '03-02 08:00/09:00'],
  },
  {
    rule: 'UNTIL a second too early leaves the day out',
    lines: event(...nineToTen, 'RRULE:FREQ=DAILY;UNTIL=20270302T075959Z'),
    busy: ['03-01 08:00/09:00'],
  },
  {
    rule: 'UNTIL as a date includes that date',
    lines: event(...nineToTen, 'RRULE:FREQ=DAILY;UNTIL=20270302'),
    busy: ['03-01 08:00/09:00', '03-02 08:00/09:00'],
  },
  {
    rule: 'the start counts although the rule leaves it out',
    lines: event(...utcHour, 'RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3'),
    busy: ['03-01 08:00/09:00', '03-03 08:00/09:00', '03-10 08:00/09:00'],
  },
  {
    rule: 'COUNT counts from the start of the event, not of the window',
    lines: event('DTSTART:20270226T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=5'),
    busy: ['03-01 08:00/09:00', '03-02 08:00/09:00'],
  },
  {
    rule: 'a rule that never matches leaves the start',
    lines: event(...utcHour, 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'),
    busy: ['03-01 08:00/09:00'],
  },
  // Added dates and exceptions
  {
    rule: 'added dates count',
    lines: event(...nineToTen, 'RDATE;TZID=Europe/Berlin:20270405T110000,20270406T110000'),
    busy: ['03-01 08:00/09:00', '04-05 09:00/10:00', '04-06 09:00/10:00'],
  },
  {
    rule: 'an added period has its own length',
    lines: event(...utcHour, 'RDATE;VALUE=PERIOD:20270303T100000Z/PT2H,20270304T100000Z/20270304T103000Z'),
    busy: ['03-01 08:00/09:00', '03-03 10:00/12:00', '03-04 10:00/10:30'],
  },
  {
    rule: 'an excluded date is free, compared as an instant',
    lines: daily('EXDATE:20270302T080000Z', 'EXDATE;TZID=America/New_York:20270303T030000'),
    busy: ['03-01 08:00/09:00', '03-04 08:00/09:00'],
  },
  {
    rule: 'an excluded date without a time leaves out that day',
    lines: daily('EXDATE;VALUE=DATE:20270302,20270303'),
    busy: ['03-01 08:00/09:00', '03-04 08:00/09:00'],
  },
  {
    rule: 'the start itself can be excluded',
    lines: daily('EXDATE;TZID=Europe/Berlin:20270301T090000'),
    busy: ['03-02 08:00/09:00', '03-03 08:00/09:00', '03-04 08:00/09:00'],
  },
  {
    rule: 'an exclusion that matches nothing changes nothing',
    lines: event(...nineToTen, 'RRULE:FREQ=DAILY;COUNT=2', 'EXDATE;TZID=Europe/Berlin:20270302T093000'),
    busy: ['03-01 08:00/09:00', '03-02 08:00/09:00'],
  },
  // Overrides
  {
    rule: 'an override moves its instance',
    lines: [
      ...daily(),
      ...override('RECURRENCE-ID;TZID=Europe/Berlin:20270302T090000', 'DTSTART:20270302T150000Z', 'DURATION:PT2H'),
    ],
    busy: ['03-01 08:00/09:00', '03-02 15:00/17:00', '03-03 08:00/09:00', '03-04 08:00/09:00'],
  },
  {
    rule: 'an override is found by its instant in another zone',
    lines: [...daily(), ...override('RECURRENCE-ID:20270302T080000Z', 'DTSTART:20270302T150000Z', 'DURATION:PT2H')],
    busy: ['03-01 08:00/09:00', '03-02 15:00/17:00', '03-03 08:00/09:00', '03-04 08:00/09:00'],
  },
  {
    rule: 'a cancelled instance is free',
    lines: [
      ...daily(),
      ...override('RECURRENCE-ID:20270302T080000Z', 'DTSTART:20270302T080000Z', 'DURATION:PT1H', 'STATUS:CANCELLED'),
    ],
    busy: ['03-01 08:00/09:00', '03-03 08:00/09:00', '03-04 08:00/09:00'],
  },
  {
    rule: 'an instance that the member declined is free',
    lines: [
      ...daily(),
      ...override(
        'RECURRENCE-ID:20270302T080000Z',
        'DTSTART:20270302T080000Z',
        'DURATION:PT1H',
        'ATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.com',
      ),
    ],
    busy: ['03-01 08:00/09:00', '03-03 08:00/09:00', '03-04 08:00/09:00'],
  },
  {
    rule: 'an override that moves into the window counts, although its series ended before',
    lines: [
      ...event('DTSTART:20270101T080000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=3'),
      ...override('RECURRENCE-ID:20270108T080000Z', 'DTSTART:20270310T080000Z', 'DURATION:PT1H'),
    ],
    busy: ['03-10 08:00/09:00'],
  },
  {
    rule: 'an override that moves out of the window leaves its time free',
    lines: [...daily(), ...override('RECURRENCE-ID:20270302T080000Z', 'DTSTART:20270602T080000Z', 'DURATION:PT1H')],
    busy: ['03-01 08:00/09:00', '03-03 08:00/09:00', '03-04 08:00/09:00'],
  },
  {
    rule: 'an override without its series counts',
    lines: override('RECURRENCE-ID:20270302T080000Z', 'DTSTART:20270302T100000Z', 'DURATION:PT1H'),
    busy: ['03-02 10:00/11:00'],
  },
  {
    rule: 'the override in front of its series counts too',
    lines: [
      ...override('RECURRENCE-ID:20270302T080000Z', 'DTSTART:20270302T150000Z', 'DURATION:PT1H'),
      ...event(...nineToTen, 'RRULE:FREQ=DAILY;COUNT=2'),
    ],
    busy: ['03-01 08:00/09:00', '03-02 15:00/16:00'],
  },
  {
    rule: 'of two overrides the one with the higher sequence counts',
    lines: [
      ...event(...nineToTen, 'RRULE:FREQ=DAILY;COUNT=2'),
      ...override('RECURRENCE-ID:20270302T080000Z', 'SEQUENCE:3', 'DTSTART:20270302T150000Z', 'DURATION:PT1H'),
      ...override('RECURRENCE-ID:20270302T080000Z', 'SEQUENCE:2', 'DTSTART:20270302T180000Z', 'DURATION:PT1H'),
    ],
    busy: ['03-01 08:00/09:00', '03-02 15:00/16:00'],
  },
  {
    rule: 'an override of an all-day instance is found by its date',
    lines: [
      ...event('DTSTART;VALUE=DATE:20270301', 'RRULE:FREQ=DAILY;COUNT=2'),
      ...override('RECURRENCE-ID;VALUE=DATE:20270302', 'DTSTART:20270302T100000Z', 'DURATION:PT1H'),
    ],
    busy: ['02-28 23:00/03-01 23:00', '03-02 10:00/11:00'],
  },
  {
    rule: 'THISANDFUTURE moves all later instances',
    lines: [
      ...daily(),
      ...override(
        'RECURRENCE-ID;RANGE=THISANDFUTURE:20270303T080000Z',
        'DTSTART;TZID=Europe/Berlin:20270303T140000',
        'DURATION:PT30M',
      ),
    ],
    busy: ['03-01 08:00/09:00', '03-02 08:00/09:00', '03-03 13:00/13:30', '03-04 13:00/13:30'],
  },
  {
    rule: 'THISANDFUTURE moves by wall time, across a clock change too',
    lines: [
      ...event('DTSTART;TZID=Europe/Berlin:20270326T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=3'),
      ...override(
        'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20270327T090000',
        'DTSTART;TZID=Europe/Berlin:20270327T110000',
        'DURATION:PT1H',
      ),
    ],
    busy: ['03-26 08:00/09:00', '03-27 10:00/11:00', '03-28 09:00/10:00'],
  },
  {
    rule: 'a cancelled THISANDFUTURE ends the series',
    lines: [
      ...daily(),
      ...override('RECURRENCE-ID;RANGE=THISANDFUTURE:20270303T080000Z', 'DTSTART:20270303T080000Z', 'STATUS:CANCELLED'),
    ],
    busy: ['03-01 08:00/09:00', '03-02 08:00/09:00'],
  },
  {
    rule: 'an override after THISANDFUTURE counts for its own instance',
    lines: [
      ...daily(),
      ...override('RECURRENCE-ID;RANGE=THISANDFUTURE:20270302T080000Z', 'DTSTART:20270302T130000Z', 'DURATION:PT1H'),
      ...override('RECURRENCE-ID:20270303T080000Z', 'DTSTART:20270303T200000Z', 'DURATION:PT1H'),
    ],
    busy: ['03-01 08:00/09:00', '03-02 13:00/14:00', '03-03 20:00/21:00', '03-04 13:00/14:00'],
  },
  {
    rule: 'an override can be busy in a series that is free',
    lines: [
      ...event(...nineToTen, 'RRULE:FREQ=DAILY;COUNT=2', 'TRANSP:TRANSPARENT'),
      ...override('RECURRENCE-ID:20270302T080000Z', 'DTSTART:20270302T080000Z', 'DURATION:PT1H', 'TRANSP:OPAQUE'),
    ],
    busy: ['03-02 08:00/09:00'],
  },
  // Several events
  {
    rule: 'events that overlap or touch are one busy time',
    lines: [
      ...event(...utcHour),
      ...['BEGIN:VEVENT', 'UID:two', 'DTSTART:20270301T083000Z', 'DTEND:20270301T100000Z', 'END:VEVENT'],
      ...['BEGIN:VEVENT', 'UID:three', 'DTSTART:20270301T100000Z', 'DTEND:20270301T103000Z', 'END:VEVENT'],
    ],
    busy: ['03-01 08:00/10:30'],
  },
  {
    rule: 'one event that cannot be read does not hide the others',
    lines: [
      ...['BEGIN:VEVENT', 'UID:broken', 'DTSTART:tomorrow', 'RRULE:FREQ=NEVER', 'END:VEVENT'],
      ...event(...utcHour),
    ],
    busy: ['03-01 08:00/09:00'],
  },
  {
    rule: 'events without a UID are each their own',
    lines: [
      ...['BEGIN:VEVENT', 'DTSTART:20270301T080000Z', 'DURATION:PT1H', 'END:VEVENT'],
      ...['BEGIN:VEVENT', 'DTSTART:20270302T080000Z', 'DURATION:PT1H', 'END:VEVENT'],
    ],
    busy: ['03-01 08:00/09:00', '03-02 08:00/09:00'],
  },
]
