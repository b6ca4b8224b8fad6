import { isHttp } from './protocol';
import { ServicePort } from './service';

/** Protocols whose server greets its clients, by the words of a port's name. */
const NAMES = /(^|-)(mysql|mariadb|smtp|submission|ftp|ssh|sftp|imap|pop3|nats|vnc)(-|$)/i;

/** The ports on which such servers listen. */
const NUMBERS = new Set([21, 22, 25, 110, 143, 587, 3306, 4222, 5900]);

/** MongoDB stands in Istio's list, although its clients speak first today. */
const MONGO = 27017;

/** Whether the server behind a service port greets its clients before they say anything. MongoDB is said to, and does not with most drivers. */
export function speaksFirst(port: ServicePort): boolean {
  return greets(port) || isMongo(port);
}

/** Whether a service port is for MongoDB. */
export function isMongo({ number, protocol }: ServicePort): boolean {
  return protocol === 'mongo' || (number === MONGO && !isHttp(protocol) && protocol !== 'https' && protocol !== 'tls' && protocol !== 'redis');
}

/** Whether the server behind a service port greets its clients for certain, so that a proxy that waits for the client's bytes waits for ever. */
export function greets({ number, name, protocol, target }: ServicePort): boolean {
  if (isHttp(protocol) || protocol === 'https' || protocol === 'tls' || protocol === 'redis' || protocol === 'mongo' || number === MONGO) return false;
  return protocol === 'mysql' || NAMES.test(name) || NUMBERS.has(number) || (typeof target === 'number' ? NUMBERS.has(target) : NAMES.test(target));
}
