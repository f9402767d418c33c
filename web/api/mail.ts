/** Whether this server sends e-mail. If not, no page says that an e-mail was or will be sent. */
export const sendsMail = document.documentElement.dataset.mail !== 'none'
