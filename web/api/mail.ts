/** Whether this server sends email. If not, no page says that an email was or will be sent. */
export const sendsMail = document.documentElement.dataset.mail !== 'none'
