import { Container } from "@cloudflare/containers";

export class Service extends Container {
  entrypoint = "node worker.js";
}

export default {};
