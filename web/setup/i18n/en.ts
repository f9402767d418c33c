import type { TranslationOf } from '../../../src/i18n/messages.ts'

/** The setup page's texts. */
export const en = {
  title: 'Welcome to Bookbell',
  lead: 'Create your organization. You will be its owner, and you can change everything later.',
  language: 'Language',
  organization: 'Organization',
  first_name: 'First name',
  last_name: 'Last name',
  email: 'Email',
  password: 'Password',
  create: 'Create organization',
  creating: 'Setting up…',
  organization_missing: 'Enter the name of your organization.',
  first_name_missing: 'Enter your first name.',
  ready: '{name} is ready',
  signed_in: 'Signed in as {email}.',
  api_key: 'Your API key',
  api_key_text: 'Programs use this key to call the API. It is shown only once, so store it in a safe place.',
  copy: 'Copy',
  next_steps: 'Next steps',
  open_admin: 'Open the admin',
  sign_in_admin: 'Sign in to the admin',
  open_admin_text: 'Change your hours, your meetings and everything else.',
  add_webhook: 'Add a webhook',
  add_webhook_text: 'Notify your other systems about every meeting.',
  read_reference: 'Read the API reference',
  read_reference_text: 'Use the key above to do everything from your own programs.',
  booking_link: 'Your booking link',
  booking_link_text: 'Anyone with this link can book 30 minutes with you, Monday to Friday from 9:00 to 17:00.',
  wrong_link: 'This setup link is not valid.',
  wrong_link_text:
    'Use the link that the server printed when it last started. You can find the link in the console or the log.',
  already_set_up: 'This server is already set up.',
  already_set_up_text: 'The setup link can be used only once. Sign in with your account.',
  sign_in: 'Sign in',
}

export type SetupTexts = TranslationOf<typeof en>
