import type { SetupTexts } from './en.ts'

export const fr: SetupTexts = {
  title: 'Bienvenue sur Bookbell',
  lead: 'Créez votre organisation. Vous en devenez propriétaire et pourrez tout modifier plus tard.',
  language: 'Langue',
  organization: 'Organisation',
  first_name: 'Prénom',
  last_name: 'Nom',
  email: 'E-mail',
  password: 'Mot de passe',
  create: 'Créer l’organisation',
  creating: 'Installation…',
  organization_missing: 'Saisissez le nom de votre organisation.',
  first_name_missing: 'Saisissez votre prénom.',
  ready: '{name} est prête',
  signed_in: 'Connecté en tant que {email}.',
  api_key: 'Votre clé API',
  api_key_text:
    'Les programmes l’utilisent pour appeler l’API. Elle n’est affichée qu’une fois : conservez-la en lieu sûr.',
  copy: 'Copier',
  next_steps: 'Prochaines étapes',
  open_admin: 'Ouvrir l’administration',
  sign_in_admin: 'Se connecter à l’administration',
  open_admin_text: 'Modifiez vos horaires, vos rendez-vous et tout le reste.',
  add_webhook: 'Ajouter un webhook',
  add_webhook_text: 'Informez vos autres systèmes de chaque rendez-vous.',
  read_reference: 'Lire la référence de l’API',
  read_reference_text: 'Faites tout depuis vos propres programmes, avec la clé ci-dessus.',
  booking_link: 'Votre lien de réservation',
  booking_link_text:
    'Toute personne ayant ce lien peut réserver 30 minutes avec vous, du lundi au vendredi de 9 h à 17 h.',
  wrong_link: 'Ce lien d’installation n’est pas valide.',
  wrong_link_text:
    'Utilisez le lien que le serveur a affiché à son dernier démarrage : il se trouve dans la console ou le journal.',
  already_set_up: 'Ce serveur est déjà installé.',
  already_set_up_text: 'Le lien d’installation ne fonctionne qu’une fois. Connectez-vous avec votre compte.',
  sign_in: 'Se connecter',
}
