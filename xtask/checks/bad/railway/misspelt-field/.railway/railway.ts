import { defineRailway, project, service } from "railway/iac";

export default defineRailway(() => {
  const web = service("web", { start: "npm start", healtcheck: "/health" });
  return project("shop", { resources: [web] });
});
