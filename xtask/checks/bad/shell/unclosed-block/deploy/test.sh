#!/bin/sh
if true; then
  ls
