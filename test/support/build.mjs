import { buildServer } from '../../scripts/build.mjs';

/** Once for all suites, so that what they start need not be built each time. */
export default () => buildServer();
