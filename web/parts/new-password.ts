import type { PartsKey } from '../i18n/parts.en.ts'
import type { Translate } from '../i18n/translate.ts'

const MIN_LENGTH = 10

export const newPasswordHelp = (t: Translate<PartsKey>): string => t('password_help', { limit: MIN_LENGTH })

/** Returns the message for a new password that the server would reject. */
export const checkNewPassword = (password: string, t: Translate<PartsKey>): { password?: string } =>
  password.length < MIN_LENGTH ? { password: t('field_characters_short', { limit: MIN_LENGTH }) } : {}
