export { reserveInput } from "./arena";
