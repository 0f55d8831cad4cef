package main

import (
	"database/sql"
	"log"
	"os"

	"github.com/gin-gonic/gin"
	_ "github.com/lib/pq"

	"example.com/shop/internal/health"
)

func main() {
	db, err := sql.Open("postgres", os.Getenv("DATABASE_URL")+"?sslmode=disable")
	if err != nil {
		log.Fatal(err)
	}
	router := gin.New()
	health.Register(router, health.Checks{Database: db.PingContext})
	router.GET("/", func(c *gin.Context) {
		var one int
		if err := db.QueryRowContext(c, "SELECT 1").Scan(&one); err != nil {
			c.AbortWithStatus(500)
			return
		}
		c.JSON(200, one)
	})
	log.Fatal(router.Run("127.0.0.1:" + os.Getenv("PORT")))
}
