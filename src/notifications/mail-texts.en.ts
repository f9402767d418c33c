import type { Plural, TranslationOf } from '../i18n/messages.ts'

/**
 * All email texts. `{name}` is replaced by a value, as plain text that is escaped later. The other languages must have the same
 * keys with the same values, which `mail-texts.test.ts` checks.
 */
export const en = {
  attendee_requested_subject: 'Requested: {what} with {hosts}, {when}',
  attendee_requested_heading: 'Your request has been sent',
  attendee_requested_text:
    'You will receive an email when your request is approved or declined. Until then, the time is held for you.',
  attendee_confirmed_subject: 'Confirmed: {what} with {hosts}, {when}',
  attendee_confirmed_heading: 'Your meeting is confirmed',
  attendee_approved_heading: 'Your request has been approved',
  attendee_approved_text: 'The meeting will take place as requested.',
  attendee_declined_subject: 'Declined: {what} with {hosts}, {when}',
  attendee_declined_heading: 'Your request has been declined',
  attendee_declined_text: 'The meeting will not take place.',
  attendee_cancelled_subject: 'Cancelled: {what} with {hosts}, {when}',
  attendee_cancelled_heading: 'Your meeting has been cancelled',
  attendee_cancelled_text: 'Cancelled by {hosts}.',
  attendee_cancelled_by_you_heading: 'You cancelled your meeting',
  attendee_rescheduled_subject: 'Rescheduled: {what} with {hosts}, {when}',
  attendee_rescheduled_pending_subject: 'New time requested: {what} with {hosts}, {when}',
  attendee_rescheduled_heading: 'Your meeting has been rescheduled',
  attendee_rescheduled_by_you_heading: 'You rescheduled your meeting',
  attendee_rescheduled_pending_text:
    'You will receive an email when the new time is approved or declined. Until then, the time is held for you.',
  attendee_reminder_subject: 'Reminder: {what} with {hosts}, {when}',
  attendee_reminder_heading: 'Your meeting is coming up',
  attendee_repeated_subject: 'You already have a seat: {what} with {hosts}, {when}',
  attendee_repeated_heading: 'You already have a seat',
  attendee_repeated_text:
    'Someone, perhaps you, has just booked this meeting again with your email address. Nothing has changed.',

  host_requested_subject: 'Approval needed: {people} requested {what}, {when}',
  host_requested_heading: 'A meeting needs your approval',
  host_requested_text: 'The time is held until you approve or decline the request.',
  host_confirmed_subject: 'New meeting: {what} with {people}, {when}',
  host_confirmed_heading: 'You have a new meeting',
  host_approved_subject: 'Approved: {what} with {people}, {when}',
  host_approved_heading: 'The meeting has been approved',
  host_declined_subject: 'Declined: {what} with {people}, {when}',
  host_declined_heading: 'The meeting has been declined',
  host_declined_one_heading: 'A request has been declined',
  host_cancelled_subject: 'Cancelled: {what} with {people}, {when}',
  host_cancelled_heading: 'The meeting has been cancelled',
  host_cancelled_by_attendee_heading: '{people} cancelled',
  host_time_available_text: 'The time is available again.',
  host_others_remain_text: 'The meeting will take place with the others.',
  host_rescheduled_subject: 'Rescheduled: {what} with {people}, {when}',
  host_rescheduled_pending_subject: 'Approval needed: new time for {what} with {people}, {when}',
  host_rescheduled_heading: 'The meeting has been rescheduled',
  host_rescheduled_by_attendee_heading: '{people} rescheduled the meeting',
  host_rescheduled_pending_text: 'The new time is held until you approve or decline the request.',

  webhook_failing_subject: 'A webhook for {organization} is failing',
  webhook_failing_heading: 'A webhook is failing',
  webhook_failing_since: 'Deliveries to this webhook have been failing since {since}.',
  webhook_failing_until:
    'If no delivery succeeds before {disabled_at}, the webhook will be disabled and will receive no more deliveries. Until then, failed deliveries are retried.',
  webhook_disabled_subject: 'A webhook for {organization} has been disabled',
  webhook_disabled_heading: 'A webhook has been disabled',
  webhook_disabled_gone: 'The receiver returned 410 Gone to stop all deliveries.',
  webhook_disabled_text:
    'No more deliveries are sent to this webhook. Once the receiver works again, enable the webhook and replay the missed deliveries.',

  password_reset_subject: 'Reset your password for {organization}',
  password_reset_heading: 'Reset your password',
  password_reset_text: {
    one: 'Someone requested a new password for your account. The link can be used once and expires in {count} minute.',
    other:
      'Someone requested a new password for your account. The link can be used once and expires in {count} minutes.',
  } as Plural,
  password_reset_ignore: 'If this was not you, you can ignore this email. Your password stays the same.',

  password_changed_subject: 'Your password for {organization} was changed',
  password_changed_heading: 'Your password was changed',
  password_changed_text:
    'Your password was changed on {moment}. All other sessions have been signed out, and older reset links no longer work.',
  password_changed_remedy:
    'If this was not you, choose a new password with “Forgot your password?” on the sign-in page, and contact the server administrator.',

  new_sign_in_subject: 'New sign-in to {organization}',
  new_sign_in_heading: 'New sign-in to your account',
  new_sign_in_text: 'Someone signed in to your account on {moment}, in a browser that you have not used before.',
  new_sign_in_remedy:
    'If this was you, you can ignore this email. If not, change your password, which ends all other sessions.',

  second_factor_on_subject: 'Two-factor authentication was turned on for your {organization} account',
  second_factor_on_text:
    'Since {moment}, signing in requires a code from your authenticator app. Keep the recovery codes in a safe place.',
  second_factor_off_subject: 'Two-factor authentication was turned off for your {organization} account',
  second_factor_off_text: 'Since {moment}, signing in no longer requires a code.',
  passkey_added_subject: 'A passkey was added to your {organization} account',
  passkey_added_text:
    'The passkey was added on {moment}. The device that stores this passkey can now be used to sign in to your account.',
  passkey_removed_subject: 'A passkey was removed from your {organization} account',
  passkey_removed_text: 'The passkey was removed on {moment} and can no longer be used to sign in.',
  sign_in_changed_remedy:
    'If this was not you, change your password, which ends all other sessions. Then contact the server administrator.',

  email_confirmation_subject: 'Confirm your email address: {what}',
  email_confirmation_heading: 'Confirm your email address',
  email_confirmation_text: {
    one: 'Someone, probably you, wants to book {what} for {when}. The time is held for {count} minute. Nothing is booked until you confirm.',
    other:
      'Someone, probably you, wants to book {what} for {when}. The time is held for {count} minutes. Nothing is booked until you confirm.',
  } as Plural,
  email_confirmation_ignore: 'If this was not you, ignore this email. Nothing will be booked.',

  calendar_failing_subject: 'Your calendar {calendar} cannot be read',
  calendar_failing_since: 'Bookbell has not been able to read this calendar since {since}.',
  calendar_failing_text:
    'The last known busy times apply for 24 hours. After that, no one can book you until the calendar can be read again.',
  calendar_failing_closed: 'You cannot be booked until it can be read again.',
  calendar_changes_subject: {
    one: 'You changed a meeting in your calendar {calendar}',
    other: 'You changed {count} meetings in your calendar {calendar}',
  },
  calendar_changes_text: 'Decide whether to apply these changes for everyone, or to restore your calendar.',
  calendar_restored_subject: 'A meeting could not be changed from your calendar {calendar}',
  calendar_restored_text:
    'The meeting stays at {when} and has been restored in your calendar. Either another meeting takes the new time, or the meeting has more than one host.',
  invitation_subject: '{invited_by} invited you to {organization}',
  invitation_heading: 'You are invited to {organization}',
  invitation_text: {
    one: '{invited_by} invited you to join. The link can be used once and expires in {count} day.',
    other: '{invited_by} invited you to join. The link can be used once and expires in {count} days.',
  } as Plural,

  entry_with: '{what} with {people}',

  label_what: 'What',
  label_when: 'When',
  label_before: 'Previous time',
  label_where: 'Where',
  label_phone: 'Phone',
  place_as_given: 'as provided when the meeting was booked',
  label_room: 'Video call',
  label_password: 'Meeting password',
  label_host: 'Host',
  label_attendee: 'Booked by',
  label_webhook: 'Webhook',
  label_description: 'Description',
  label_problem: 'Last error',
  label_browser: 'Browser',
  label_address: 'IP address',

  action_join: 'Join the video call',
  action_show: 'View meeting',
  action_reschedule: 'Reschedule meeting',
  action_cancel: 'Cancel meeting',
  action_answer: 'Approve or decline',
  action_webhook: 'View webhook',
  action_password_reset: 'Choose a new password',
  action_email_confirmation: 'Confirm and book',
  action_account: 'Open Bookbell',
  action_calendars: 'Open calendars',
  action_invitation: 'Accept invitation',

  colon: ':',
  footer: 'Sent by Bookbell for {organization}',
  quote: '{person} wrote:',
  and_more: { one: 'and {count} more', other: 'and {count} more' } as Plural,
  yes: 'Yes',
  no: 'No',
}

export type MailTexts = TranslationOf<typeof en>
export type MailTextKey = keyof MailTexts
