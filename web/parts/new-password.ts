const MIN_LENGTH = 10

export const newPasswordHelp = `At least ${MIN_LENGTH} characters. A sentence is easy to remember and hard to guess.`

/** The message for a new password that the server would reject. */
export const checkNewPassword = (password: string): { password?: string } =>
  password.length < MIN_LENGTH ? { password: `Must be at least ${MIN_LENGTH} characters.` } : {}
