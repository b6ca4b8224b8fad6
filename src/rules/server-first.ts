import { isHttp } from '../mesh/services/protocol';
import { ServicePort } from '../mesh/services/service';

/** Protocols whose server greets its clients, by the words of a port's name. */
const NAMES = /(^|-)(mysql|mariadb|smtp|submission|ftp|ssh|sftp|imap|pop3|nats|vnc)(-|$)/i;

/** The ports on which such servers listen. */
const NUMBERS = new Set([21, 22, 25, 110, 143, 587, 3306, 4222, 5900]);

/** MongoDB stands in Istio's list, although its clients speak first today. */
const MONGO = 27017;

/** Whether the server behind a service port greets its clients before they say anything. */
export function speaksFirst({ number, name, protocol, target }: ServicePort): boolean {
  if (isHttp(protocol) || protocol === 'https' || protocol === 'tls' || protocol === 'redis') return false;
  return protocol === 'mysql' || protocol === 'mongo' || NAMES.test(name) || NUMBERS.has(number) || number === MONGO
    || (typeof target === 'number' ? NUMBERS.has(target) : NAMES.test(target));
}

/** Whether a service port is for MongoDB. */
export function isMongo({ number, protocol }: ServicePort): boolean {
  return protocol === 'mongo' || number === MONGO;
}
