import type { Refusal } from '../errors.ts';
import type { FieldErrorTexts, ReasonTexts, RefusalTexts } from './texts.ts';

export const refusalsDe: RefusalTexts = {
  invalid_request: ['Ungültige Anfrage', 'Etwas an der Anfrage stimmt nicht.'],
  invalid_token: [
    'Ungültiger Link',
    'Dieser Link gilt nicht: Er wurde schon benutzt oder ist zu alt.',
  ],
  not_signed_in: ['Nicht angemeldet', 'Melden Sie sich zuerst an.'],
  invalid_credentials: ['Falsche Angaben', 'Name und Passwort passen nicht zusammen.'],
  forbidden: ['Nicht erlaubt', 'Dieses Konto darf das nicht.'],
  cross_site_request: ['Fremde Seite', 'Anfragen von anderen Seiten werden abgewiesen.'],
  recent_login_required: ['Passwort nötig', 'Geben Sie zuerst Ihr Passwort noch einmal ein.'],
  registration_closed: ['Registrierung geschlossen', 'Konten legt die Verwaltung an.'],
  not_found: ['Nicht gefunden', 'Hier ist nichts.'],
  method_not_allowed: ['Methode nicht erlaubt', 'Diese Adresse nimmt die Methode nicht an.'],
  email_taken: ['E-Mail-Adresse vergeben', 'Mit dieser E-Mail-Adresse gibt es schon ein Konto.'],
  username_taken: ['Benutzername vergeben', 'Mit diesem Benutzernamen gibt es schon ein Konto.'],
  last_admin: ['Letzte Verwaltung', 'Jemand muss bleiben, der verwalten kann.'],
  conflict: [
    'Konflikt',
    'Jemand anderes hat das gleichzeitig geändert. Versuchen Sie es noch einmal.',
  ],
  body_too_large: ['Zu groß', 'Eine Anfrage darf 16 KiB groß sein.'],
  unsupported_media_type: ['Unbekanntes Format', 'Dieses Format wird hier nicht angenommen.'],
  rate_limited: [
    'Zu viele Versuche',
    'Zu viele Versuche. Warten Sie etwas und versuchen Sie es dann noch einmal.',
  ],
  overloaded: ['Überlastet', 'Gerade ist zu viel los. Versuchen Sie es gleich noch einmal.'],
  unavailable: [
    'Nicht erreichbar',
    'Ein Teil des Dienstes antwortet nicht. Versuchen Sie es bald noch einmal.',
  ],
  internal: ['Interner Fehler', 'Bei uns ist etwas schiefgegangen.'],
};

export const reasonsDe: ReasonTexts = {
  untrusted_origin:
    'Anfragen von anderen Seiten werden abgewiesen. Ein Frontend muss in TRUSTED_ORIGINS stehen.',
  no_mail: 'Dieser Dienst verschickt keine Mail: MAIL_URL ist nicht gesetzt.',
  email_unconfirmed: 'Die E-Mail-Adresse dieses Kontos ist nicht bestätigt.',
  user_disabled: 'Dieses Konto ist gesperrt. Entsperren Sie es zuerst.',
  sign_in_again:
    'In den Sitzungen dieses Kontos gab es zu viele falsche Passwörter. Melden Sie sich neu an, oder setzen Sie das Passwort zurück.',
  other_user: 'Jetzt ist jemand anderes angemeldet. Nichts wurde geändert.',
  wrong_password: 'Das ist nicht das Passwort dieses Kontos.',
};

export const fieldErrorsDe: FieldErrorTexts = {
  required: 'Bitte füllen Sie dieses Feld aus.',
  unknown_key: 'Dieses Feld gibt es hier nicht.',
  unknown_parameter: 'Diesen Parameter gibt es hier nicht.',
  repeated: 'Dieser Parameter darf nur einmal kommen.',
  invalid_type: 'Dieser Wert hat die falsche Art.',
  incomplete: 'Die Anfrage kam nicht vollständig an.',
  invalid_form: 'Das Formular ist nicht lesbar.',
  invalid_text: 'Dieser Text ist kein gültiges Unicode.',
  invalid_email: 'Das ist keine E-Mail-Adresse.',
  invalid_username:
    'Erlaubt sind 2 bis 32 Buchstaben, Ziffern, Punkte, Bindestriche, Unterstriche.',
  invalid_name: 'Lassen Sie unsichtbare Zeichen weg.',
  too_short: ({ min }) => `Das ist zu kurz: Es müssen mindestens ${min} Zeichen sein.`,
  too_long: ({ max }) => `Das ist zu lang: Es dürfen höchstens ${max} sein.`,
  too_large: 'Das ist zu groß.',
  invalid: 'Dieser Wert geht hier nicht.',
  invalid_json: 'Die Anfrage ist kein JSON-Objekt in UTF-8.',
  invalid_role:
    'Erlaubt sind bis zu 32 kleine Buchstaben, Ziffern, Bindestriche und Unterstriche, ein Buchstabe zuerst.',
  invalid_data: 'Diese Daten können nicht gespeichert werden.',
  reserved: 'Dieser Name ist für den Dienst selbst.',
  email_taken: 'Mit dieser E-Mail-Adresse gibt es schon ein Konto.',
  username_taken: 'Mit diesem Benutzernamen gibt es schon ein Konto.',
  email_unconfirmed: 'Die E-Mail-Adresse dieses Kontos ist nicht bestätigt.',
  contains_context:
    'Nehmen Sie mehr als Ihre Namen, Ihre E-Mail-Adresse oder den Namen dieses Dienstes.',
  too_common: 'Das ist leicht zu erraten. Nehmen Sie etwas anderes, zum Beispiel mehrere Wörter.',
  breached: 'Dieses Passwort ist aus einem Datenleck bekannt. Nehmen Sie ein anderes.',
};

/** A sentence more that names the setting, where a developer may read it. */
export const settingDe = ({ setting }: Refusal): string =>
  setting === undefined ? '' : ` Diese Grenze setzt ${setting}.`;
