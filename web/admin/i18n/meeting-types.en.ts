export const meetingTypes = {}
