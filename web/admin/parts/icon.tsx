import { Drawing, sharedPaths } from '../../parts/icon.tsx'

/** The shared icons, and the icons that only the admin uses, so that other pages do not load them. */
const paths = {
  ...sharedPaths,
  meetings:
    'M4 9h16M8 3v4M16 3v4M5.5 5h13A1.5 1.5 0 0 1 20 6.5v12a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5v-12A1.5 1.5 0 0 1 5.5 5Zm3 9.3 2.4 2.4 4.6-4.7',
  types: 'M4 5.5h7v7H4zM14 5.5h6M14 9h4M4 16.5h16M4 20h10',
  pages: 'M4 4.5h16v15H4zM4 9h16M7 6.75v.01M9.5 6.75v.01M8 13h8M8 16h5',
  tags: 'M11.5 3.5H4.5v7l9.2 9.2a1.5 1.5 0 0 0 2.1 0l4.9-4.9a1.5 1.5 0 0 0 0-2.1L11.5 3.5ZM8 7v.01',
  webhooks:
    'M9.6 9.2 6.7 14M12 4a3.3 3.3 0 1 1-2.5 5.4M15.4 8.9 18 13.4a3.3 3.3 0 1 1-3 5.3M12.4 16.9H8.6a3.3 3.3 0 1 1-2.9-3.6',
  inspectors: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM20 20l-4.8-4.8M7.5 10.5h1.8l1.2-2.2 1.3 4 1-1.8h1',
  keys: 'M14.5 13.5a5 5 0 1 0-4.2-2.3L4 17.5V20h3v-2h2v-2h1.8l1.6-1.6a5 5 0 0 0 2.1-.9ZM15.5 8.5v.01',
  organization: 'M4 20V6.5L11 4v16M11 9h9v11M2.5 20h19M7 9v.01M7 13v.01M7 16.5v.01M15 13v.01M15 16.5v.01',
  privacy: 'M12 3.5 5 6v5.5c0 4.3 2.9 7.6 7 9 4.1-1.4 7-4.7 7-9V6l-7-2.5ZM9 12l2.2 2.2 4-4.2',
  audit: 'M6 3.5h9l4 4v13H6zM15 3.5v4h4M9 12h7M9 15.5h7M9 8.5h2.5',
  mailbox: 'M3.5 6h17v12h-17zM4 6.5l8 6.5 8-6.5',
  exit: 'M10 4H5v16h5M14.5 8l4 4-4 4M18.5 12H9.5',
  plus: 'M12 5v14M5 12h14',
  dots: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  edit: 'M4.5 19.5h4l11-11-4-4-11 11v4ZM13 7l4 4',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.5 11v5M13.5 11v5',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  play: 'M7.5 5v14l11-7-11-7Z',
  stop: 'M6 6l12 12M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  send: 'M20.5 3.5 10 14M20.5 3.5 14 20.5l-4-6.5-6.5-4 17-6.5Z',
  rotate: 'M19.5 12a7.5 7.5 0 0 1-13.4 4.6M4.5 12a7.5 7.5 0 0 1 13.4-4.6M18.5 3.5v4h-4M5.5 20.5v-4h4',
  replay: 'M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4v4h4',
  diagnose: 'M3 12h4l2.5-6 4.5 12 2.5-6H21',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3A4 4 0 0 0 10.7 18.3L12 17',
  open: 'M14 4.5h5.5V10M19.5 4.5 11 13M10 5.5H5V19h13.5v-5',
  grip: 'M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v6h-6v-2M17.5 17.5v.01',
  up: 'm6 14.5 6-6 6 6',
}

export type IconName = keyof typeof paths

/** An icon next to a text with the same meaning. Hidden from screen readers. */
export function Icon({ name, size }: { name: IconName; size?: number }) {
  return <Drawing path={paths[name]} size={size} />
}
