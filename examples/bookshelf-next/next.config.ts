import type { NextConfig } from "next";

const config: NextConfig = {
  // Sentry patches Node's own modules at run time, which a bundle would hinder.
  serverExternalPackages: ["@sentry/node"],
};

export default config;
