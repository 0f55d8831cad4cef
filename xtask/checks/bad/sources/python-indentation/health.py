def live():
    return 200
  return 503
